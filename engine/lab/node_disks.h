#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/random.h"
#include "base/topic_partition.h"
#include "base/virtual_time.h"
#include "lab/snapshot.h"
#include "storage/crashable_storage.h"
#include "storage/failing_directories.h"
#include "storage/faulty_storage.h"
#include "storage/storage.h"
#include "world/address.h"

namespace streamscope::lab {

/// The disks of a lab's nodes: directories below one data directory, or memory. Each can be made to fail in its ways
/// and to lose what was not synced, with the same outcome on real files and in memory.
class NodeDisks {
 public:
  /// Empty: memory. `areShared`: the directory itself is every node's, as that of a combined node of Kafka's. `seed`
  /// decides what is left after a loss of power.
  NodeDisks(std::filesystem::path dataDirectory, bool areShared, uint64_t seed)
      : m_dataDirectory(std::move(dataDirectory)), m_areShared(areShared), m_seed(seed) {}

  /// "broker-1", "controller-100".
  static std::string directoryName(world::Address node);

  /// A node's disk for World::addNode; what it stands on stays here and must outlive the world.
  std::unique_ptr<storage::Storage> makeDisk(world::Address node);

  /// Told of each operation of a slow disk: who does it and how long it takes.
  void setOccupier(std::function<void(world::Address node, base::Duration duration)> occupy) {
    m_occupy = std::move(occupy);
  }

  /// One log directory of a broker that has several, by its name: every operation in it refuses, or works again.
  void setDirectoryFailing(world::Address node, const std::string& directory, bool fails);
  bool isDirectoryFailing(world::Address node, const std::string& directory) const;

  DiskState state(world::Address node) const { return m_disks.at(node).state; }
  void setFull(world::Address node, bool full);
  /// All but `isFull`. A failing disk still does so many operations.
  void set(world::Address node, const DiskState& state, uint64_t operationsUntilFailure);

  /// Everything on it is gone for good, and it is well. The node must be down.
  storage::StorageStatus replace(world::Address node);

  struct FlippedBit {
    std::string file;
    uint64_t position = 0;
    int32_t bit = 0;
  };
  /// In a log file of the partition, or in any file; nothing when there is no byte to choose from.
  storage::StorageResult<std::optional<FlippedBit>> flipBit(world::Address node,
                                                            const std::optional<base::TopicPartition>& partition);

  /// What was not synced is gone, or some of it. The node must be down.
  storage::StorageResult<storage::CrashableStorage::Loss> losePower(world::Address node);

 private:
  struct Disk {
    std::unique_ptr<storage::Storage> inner;
    std::unique_ptr<storage::CrashableStorage> crashable;
    std::unique_ptr<storage::FailingDirectories> directories;
    /// Owned by the world.
    storage::FaultyStorage* faulty = nullptr;
    DiskState state;
    uint64_t powerLosses = 0, bitFlips = 0;
  };
  /// A stream of random numbers for each disk and purpose.
  base::Random randomOf(world::Address node, uint64_t purpose, uint64_t times) const;

  const std::filesystem::path m_dataDirectory;
  const bool m_areShared;
  const uint64_t m_seed;
  std::function<void(world::Address, base::Duration)> m_occupy;
  std::map<world::Address, Disk> m_disks;
};

}  // namespace streamscope::lab
