#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "lab/command.h"
#include "lab/snapshot.h"
#include "world/trace.h"

namespace streamscope::lab {

enum class StepKind : uint8_t {
  /// Until the next request or response arrives somewhere.
  NextRequest,
  /// Until the next change of state: leader, ISR, high watermark, a node up or down.
  NextChange,
};

/// A lab that runs while somebody watches, as the window sees it: commands in, snapshots and trace out. Implemented by
/// gateway::LiveHost, which owns the engine's thread; a test may implement it over recorded snapshots. Every method may
/// be called from any thread and none waits for the engine.
class LiveLab {
 public:
  virtual ~LiveLab() = default;

  /// Hands a command to the engine, which carries it out at the current virtual time. `onOutcome` is called on the
  /// engine's thread: post to your own.
  virtual void execute(Command command, std::function<void(base::Status)> onOutcome) = 0;

  /// The latest picture, never null. A new one at most every 1/60 s, and after each step or command.
  virtual SnapshotPtr snapshot() const = 0;

  /// Events since the last call, in order. Bounded: when nobody takes them the oldest go, and `missed` says how many.
  struct TraceBatch {
    std::vector<world::TraceEvent> events;
    uint64_t missed = 0;
  };
  virtual TraceBatch takeTrace() = 0;

  virtual void play() = 0;
  virtual void pause() = 0;
  virtual bool isPlaying() const = 0;
  /// Pauses, then runs to the next event of this kind, at most one virtual minute; a notice says when there was none.
  /// `play` and `pause` take it back.
  virtual void step(StepKind kind) = 0;
  /// Virtual seconds for each second of wall time: 0.1 to 100; infinity is "as fast as it goes".
  virtual void setSpeed(double factor) = 0;
  virtual double speed() const = 0;

  /// Things a person should know that are no trace event: "Port 9092 is in use; broker 1 listens on 9095."
  virtual std::vector<std::string> takeNotices() = 0;
};

}  // namespace streamscope::lab
