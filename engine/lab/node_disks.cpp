#include "node_disks.h"

#include "base/assert.h"
#include "storage/memory_storage.h"
#include "storage/posix_storage.h"

namespace streamscope::lab {

std::string NodeDisks::directoryName(world::Address node) {
  const std::string kind = node.kind == world::NodeKind::Controller ? "controller-" : "broker-";
  return kind + std::to_string(node.id);
}

std::unique_ptr<storage::Storage> NodeDisks::makeDisk(world::Address node) {
  Disk disk;
  if (m_dataDirectory.empty())
    disk.inner = std::make_unique<storage::MemoryStorage>();
  else
    disk.inner =
        std::make_unique<storage::PosixStorage>(m_areShared ? m_dataDirectory : m_dataDirectory / directoryName(node));
  auto faulty = std::make_unique<storage::FaultyStorage>(*disk.inner);
  disk.faulty = faulty.get();
  m_disks[node] = std::move(disk);
  return faulty;
}

void NodeDisks::setFull(base::BrokerId broker, bool full) {
  const auto found = m_disks.find(world::brokerAddress(broker));
  STREAMSCOPE_ASSERT(found != m_disks.end());
  found->second.isFull = full;
  found->second.faulty->setFull(full);
}

bool NodeDisks::isFull(base::BrokerId broker) const {
  const auto found = m_disks.find(world::brokerAddress(broker));
  return found != m_disks.end() && found->second.isFull;
}

}  // namespace streamscope::lab
