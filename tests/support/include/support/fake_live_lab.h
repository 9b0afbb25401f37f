#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lab/live_lab.h"

namespace streamscope::support {

/// A lab over pictures made by hand: it remembers what it is told and shows what it is given.
class FakeLiveLab final : public lab::LiveLab {
 public:
  explicit FakeLiveLab(lab::SnapshotPtr snapshot) : m_snapshot(std::move(snapshot)) {}

  void show(lab::SnapshotPtr snapshot) { m_snapshot = std::move(snapshot); }
  void tell(std::vector<world::TraceEvent> events, uint64_t missed = 0) {
    m_batch.events.insert(m_batch.events.end(), events.begin(), events.end());
    m_batch.missed += missed;
  }
  void notify(std::string notice) { m_notices.push_back(std::move(notice)); }
  /// The next command is refused with this sentence.
  void refuseNext(std::string message) { m_refusal = std::move(message); }

  const std::vector<lab::Command>& commands() const { return m_commands; }
  const std::vector<lab::StepKind>& steps() const { return m_steps; }

  void execute(lab::Command command, std::function<void(base::Status)> onOutcome) override {
    m_commands.push_back(std::move(command));
    if (m_refusal.empty()) {
      onOutcome({});
    } else {
      onOutcome(base::fail(base::ErrorCode::INVALID_REQUEST, std::exchange(m_refusal, {})));
    }
  }
  lab::SnapshotPtr snapshot() const override { return m_snapshot; }
  TraceBatch takeTrace() override { return std::exchange(m_batch, {}); }
  void play() override { m_playing = true; }
  void pause() override { m_playing = false; }
  bool isPlaying() const override { return m_playing; }
  void step(lab::StepKind kind) override {
    m_playing = false;
    m_steps.push_back(kind);
  }
  void setSpeed(double factor) override { m_speed = factor; }
  double speed() const override { return m_speed; }
  std::vector<std::string> takeNotices() override { return std::exchange(m_notices, {}); }

 private:
  lab::SnapshotPtr m_snapshot;
  TraceBatch m_batch;
  std::vector<std::string> m_notices;
  std::vector<lab::Command> m_commands;
  std::vector<lab::StepKind> m_steps;
  std::string m_refusal;
  bool m_playing = true;
  double m_speed = 1;
};

}  // namespace streamscope::support
