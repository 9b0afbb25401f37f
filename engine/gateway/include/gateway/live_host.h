#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "lab/lab.h"
#include "lab/lab_description.h"
#include "lab/live_lab.h"

namespace streamscope::gateway {

/// Runs one Lab for people and real clients: owns the engine's thread, the listeners on loopback and the relation
/// between wall time and virtual time. The only place where sockets, a thread and a wall clock meet the engine.
class LiveHost : public lab::LiveLab {
 public:
  struct Options {
    /// Empty: a fresh directory below the system's temporary directory, removed at the end.
    std::filesystem::path dataDirectory;
    std::optional<uint64_t> seed;
    /// Broker i listens on basePort + i - 1; a busy port moves to the next free one and says so in `takeNotices`. 0:
    /// each on any free port (see `bootstrapServers`).
    uint16_t basePort = 9092;
    /// No listeners at all.
    bool withoutListeners = false;
    bool startPaused = false;
    /// Tells the description's own story up to this virtual time before anybody looks, and stands still there: a lab
    /// file that a simulation wrote comes to the moment of its breach. The calendar is then that of simulations, not
    /// today's.
    std::optional<base::VirtualTime> startAt;
    std::filesystem::path recordTo;
    /// Snapshots at frame rate; off for `serve`.
    bool publishSnapshots = true;
  };

  /// Raises the process's limit of open files, binds the listeners, opens the lab and starts the engine's thread.
  static base::Result<std::unique_ptr<LiveHost>> start(const lab::LabDescription& description, const Options& options);
  /// Kills: sockets close, nothing is flushed beyond what Kafka would have flushed.
  ~LiveHost() override;

  /// Shuts the cluster down as SIGTERM does and ends the thread; returns when that is done.
  void stopCleanly();

  /// "localhost:9092,localhost:9093,localhost:9094".
  std::string bootstrapServers() const;
  /// Waits until every broker is unfenced and serves its listener, at most `limit` of wall time.
  bool waitUntilReady(std::chrono::milliseconds limit);

  void execute(lab::Command command, std::function<void(base::Status)> onOutcome) override;
  lab::SnapshotPtr snapshot() const override;
  TraceBatch takeTrace() override;
  void play() override;
  void pause() override;
  bool isPlaying() const override;
  void step(lab::StepKind kind) override;
  void setSpeed(double factor) override;
  double speed() const override;
  std::vector<std::string> takeNotices() override;

 private:
  struct Impl;
  explicit LiveHost(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> m_impl;
};

}  // namespace streamscope::gateway
