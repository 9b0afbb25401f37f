#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "lab/command.h"
#include "lab/lab_description.h"
#include "lab/snapshot.h"
#include "world/world.h"

namespace streamscope::lab {

/// One cluster to look at, feed and break: owns the World with its controller, brokers and simulated clients. Single
/// thread, no wall clock: whoever drives it calls runUntil. Everything that comes from outside (commands, bytes of real
/// clients) passes through here and is recorded, so that `replay` tells the same story again.
class Lab {
 public:
  struct Options {
    /// Empty: everything in memory. Otherwise `broker-1/`, `controller-100/`, ... below it; an existing one is reopened
    /// if it belongs to this cluster.
    std::filesystem::path dataDirectory;
    /// Overrides the description's seed.
    std::optional<uint64_t> seed;
    /// Ports that real clients reach the brokers at; none: no listener.
    std::map<base::BrokerId, uint16_t> ports;
    /// World::Config::startMs; part of the recording.
    std::optional<base::TimestampMs> startMs;
    /// Every recorded input is appended here as it happens, a new file; empty: not recorded.
    std::filesystem::path recordTo;
    /// Trace hashing costs about a tenth of a run; off for live use.
    bool hashTrace = false;
  };

  /// Starts controller and brokers at time zero; topics, workloads and timed commands of the description follow by
  /// themselves as virtual time passes.
  static base::Result<std::unique_ptr<Lab>> open(const LabDescription& description, const Options& options);
  ~Lab();

  const LabDescription& description() const;

  base::VirtualTime now() const;
  base::VirtualTime nextEventTime() const;
  void runUntil(base::VirtualTime time);
  /// One event; false when there is none.
  bool step();

  /// Carries out a command now. A refusal changes nothing and says why ("There is no broker 7; this lab has 1 to 3.").
  base::Status execute(const Command& command);

  SnapshotPtr snapshot();

  uint64_t subscribe(std::function<void(const world::TraceEvent&)> subscriber);
  void unsubscribe(uint64_t handle);

  // Real clients, called by the gateway; see world::World.

  world::Address openExternal(base::BrokerId broker, const std::string& peer, world::ExternalConnectionSink* sink);
  void externalFrame(world::Address connection, base::ByteView frame);
  void closeExternal(world::Address connection, const std::string& reason);
  /// False: stop reading from the connection's socket until it is true again.
  bool wantsMore(world::Address connection) const;
  /// True when the broker's process runs (also while paused): its listener is open.
  bool acceptsConnections(base::BrokerId broker) const;
  /// True while a paused broker does not read from its sockets.
  bool isPaused(base::BrokerId broker) const;

  /// Clients stop, every broker, then the controllers shut down cleanly; runs virtual time until done or `limit` has
  /// passed. Not part of the recording, which ends here.
  void shutDownCleanly(base::Duration limit);

  /// "sha256" of every event so far, in hex. Only with hashTrace.
  std::string traceHash() const;

  /// Runs a recording to its end; the same seed, configuration and inputs give the same trace. `until` cuts it short.
  static base::Result<std::unique_ptr<Lab>> replay(const std::filesystem::path& recording,
                                                   std::optional<base::VirtualTime> until = std::nullopt);

  /// For tests and invariants: the world inside.
  world::World& world();

 private:
  struct Impl;
  explicit Lab(std::unique_ptr<Impl> impl);
  void endRecording();
  std::unique_ptr<Impl> m_impl;
};

}  // namespace streamscope::lab
