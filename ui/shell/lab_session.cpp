#include "shell/lab_session.h"

#include <mutex>

namespace streamscope::ui {
namespace {

constexpr int kFrameMs = 16;

}  // namespace

struct LabSession::Mailbox {
  std::mutex mutex;
  std::vector<QString> refusals;
};

LabSession::LabSession(lab::LiveLab& lab, QObject* parent)
    : QObject(parent),
      m_lab(lab),
      m_snapshot(lab.snapshot()),
      m_isPlaying(lab.isPlaying()),
      m_speed(lab.speed()),
      m_mailbox(std::make_shared<Mailbox>()) {
  m_timer.setTimerType(Qt::PreciseTimer);
  m_timer.setInterval(kFrameMs);
  connect(&m_timer, &QTimer::timeout, this, &LabSession::poll);
}

LabSession::~LabSession() = default;

void LabSession::start() {
  poll();
  m_timer.start();
}

void LabSession::poll() {
  if (const bool playing = m_lab.isPlaying(); playing != m_isPlaying || m_lab.speed() != m_speed) {
    m_isPlaying = playing;
    m_speed = m_lab.speed();
    emit transportChanged();
  }
  if (auto latest = m_lab.snapshot(); latest && latest != m_snapshot) {
    m_snapshot = std::move(latest);
    emit snapshotChanged();
  }
  // After the snapshot: what the events speak of is in the picture.
  const auto batch = m_lab.takeTrace();
  if (!batch.events.empty() || batch.missed > 0) emit traceArrived(batch.events, batch.missed);
  for (const auto& text : m_lab.takeNotices()) emit notice(QString::fromStdString(text), false);
  std::vector<QString> refusals;
  {
    const std::lock_guard lock(m_mailbox->mutex);
    refusals.swap(m_mailbox->refusals);
  }
  for (const auto& refusal : refusals) emit notice(refusal, true);
  emit polled();
}

void LabSession::execute(const lab::Command& command) {
  m_lab.execute(command, [mailbox = m_mailbox](const base::Status& outcome) {
    if (outcome) return;
    const std::lock_guard lock(mailbox->mutex);
    mailbox->refusals.push_back(QString::fromStdString(outcome.error().message));
  });
}

void LabSession::setPlaying(bool playing) {
  playing ? m_lab.play() : m_lab.pause();
  poll();
}

void LabSession::step(lab::StepKind kind) {
  m_lab.step(kind);
  poll();
}

void LabSession::setSpeed(double factor) {
  m_lab.setSpeed(factor);
  poll();
}

}  // namespace streamscope::ui
