#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "base/topic_partition.h"
#include "storage/faulty_storage.h"
#include "storage/storage.h"
#include "world/address.h"

namespace streamscope::lab {

/// The disks of a lab's nodes: directories below one data directory, or memory. Each broker's disk can be made to look
/// full.
class NodeDisks {
 public:
  /// Empty: memory. `areShared`: the directory itself is every node's, as that of a combined node of Kafka's.
  explicit NodeDisks(std::filesystem::path dataDirectory, bool areShared = false)
      : m_dataDirectory(std::move(dataDirectory)), m_areShared(areShared) {}

  /// "broker-1", "controller-100".
  static std::string directoryName(world::Address node);

  /// A node's disk for World::addNode; what it stands on stays here and must outlive the world.
  std::unique_ptr<storage::Storage> makeDisk(world::Address node);

  void setFull(base::BrokerId broker, bool full);
  bool isFull(base::BrokerId broker) const;

 private:
  struct Disk {
    std::unique_ptr<storage::Storage> inner;
    /// Owned by the world.
    storage::FaultyStorage* faulty = nullptr;
    bool isFull = false;
  };
  const std::filesystem::path m_dataDirectory;
  const bool m_areShared;
  std::map<world::Address, Disk> m_disks;
};

}  // namespace streamscope::lab
