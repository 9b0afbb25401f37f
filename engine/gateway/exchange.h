#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "lab/live_lab.h"

namespace streamscope::gateway {

/// How a host ends.
enum class Ending : uint8_t { Kill, ShutDownCleanly };

/// A command with who wants to know how it went.
struct PostedCommand {
  lab::Command command;
  std::function<void(base::Status)> onOutcome;
};

/// What others want of the engine's thread.
struct Orders {
  std::vector<PostedCommand> commands;
  bool isPlaying = false;
  double speed = 1;
  /// Play or pause takes back the steps ordered before, also one under way; `steps` were ordered after it.
  bool cancelSteps = false;
  /// Each asks for one step.
  std::vector<lab::StepKind> steps;
  std::optional<Ending> ending;
};

/// Where the engine's thread and everybody else's meet: orders in, pictures and trace out. Every method takes the one
/// lock briefly; none waits for the engine except `waitUntilReady`.
class Exchange {
 public:
  /// Trace events kept for a watcher that does not take them.
  static constexpr size_t kTraceEventsMax = 65'536;

  /// `wake` gets the engine's thread out of its sleep; callable from any thread.
  Exchange(bool isPlaying, std::function<void()> wake);

  // From any thread.

  void post(PostedCommand command);
  void setPlaying(bool playing);
  bool isPlaying() const;
  void setSpeed(double factor);
  double speed() const;
  void requestStep(lab::StepKind kind);
  void requestEnding(Ending ending);
  lab::SnapshotPtr snapshot() const;
  lab::LiveLab::TraceBatch takeTrace();
  std::vector<std::string> takeNotices();
  bool waitUntilReady(std::chrono::milliseconds limit);

  // From the engine's thread.

  Orders takeOrders();
  void publish(lab::SnapshotPtr snapshot);
  /// Takes the events out of the vector.
  void appendTrace(std::vector<world::TraceEvent>& events);
  void addNotice(std::string notice);
  void setReady();
  /// The engine has ended: nobody waits for it any longer.
  void setEnded();

 private:
  void wakeUnlessWoken(std::unique_lock<std::mutex>& lock);

  const std::function<void()> m_wake;
  mutable std::mutex m_mutex;
  std::condition_variable m_changed;
  Orders m_orders;
  bool m_isWoken = false;
  lab::SnapshotPtr m_snapshot;
  std::deque<world::TraceEvent> m_trace;
  uint64_t m_traceMissed = 0;
  std::vector<std::string> m_notices;
  bool m_isReady = false;
  bool m_hasEnded = false;
};

}  // namespace streamscope::gateway
