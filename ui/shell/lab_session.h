#pragma once

#include <QObject>
#include <QTimer>
#include <memory>
#include <vector>

#include "lab/live_lab.h"

namespace streamscope::ui {

/// The only object of the window that talks to the lab. It asks for the picture at frame rate and hands it on as
/// values; commands go in and their outcomes come back as signals, on the window's thread.
class LabSession : public QObject {
  Q_OBJECT
 public:
  explicit LabSession(lab::LiveLab& lab, QObject* parent = nullptr);
  ~LabSession() override;

  void start();
  /// One look at the lab; the timer calls it, a test may.
  void poll();

  lab::SnapshotPtr snapshot() const { return m_snapshot; }
  bool isPlaying() const { return m_isPlaying; }
  double speed() const { return m_speed; }

 public slots:
  void execute(const streamscope::lab::Command& command);
  void setPlaying(bool playing);
  void step(streamscope::lab::StepKind kind);
  void setSpeed(double factor);

 signals:
  /// A later picture, or the first.
  void snapshotChanged();
  /// In order; `missed` events before these were lost.
  void traceArrived(const std::vector<streamscope::world::TraceEvent>& events, quint64 missed);
  void transportChanged();
  /// After each look at the lab, also when nothing was new; for what moves by itself.
  void polled();
  /// Something a person should read once: a notice of the host, the refusal of a command.
  void notice(const QString& text, bool isRefusal);

 private:
  struct Mailbox;

  lab::LiveLab& m_lab;
  QTimer m_timer;
  lab::SnapshotPtr m_snapshot;
  bool m_isPlaying = false;
  double m_speed = 1;
  /// Outcomes arrive on the engine's thread, perhaps after this object is gone.
  std::shared_ptr<Mailbox> m_mailbox;
};

}  // namespace streamscope::ui
