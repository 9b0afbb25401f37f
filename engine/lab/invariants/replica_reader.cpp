#include "replica_reader.h"

#include "controller_finder.h"

namespace streamscope::lab {

const controller::MetadataImage* ReplicaReader::image() const {
  const controller::ControllerNode* controller = findLeadingController(m_world, m_controllerIds);
  const controller::MetadataImage* newest = controller == nullptr ? nullptr : &controller->image();
  if (controller != nullptr && controller->isActive()) return newest;
  for (const base::BrokerId id : brokers()) {
    const broker::BrokerNode* const broker = node(id);
    if (broker != nullptr && (newest == nullptr || broker->image().offset() > newest->offset()))
      newest = &broker->image();
  }
  return newest;
}

std::vector<std::pair<world::Address, const controller::ControllerNode*>> ReplicaReader::controllers() const {
  std::vector<std::pair<world::Address, const controller::ControllerNode*>> running;
  for (const int32_t id : m_controllerIds) {
    const world::Address address = world::controllerAddress(id);
    if (const auto* node = static_cast<const controller::ControllerNode*>(m_world.node(address)))
      running.emplace_back(address, node);
  }
  return running;
}

std::vector<base::BrokerId> ReplicaReader::brokers() const {
  std::vector<base::BrokerId> ids;
  for (base::BrokerId id = 1; id <= m_brokers; ++id) ids.push_back(id);
  return ids;
}

const broker::BrokerNode* ReplicaReader::node(base::BrokerId broker) const {
  return static_cast<const broker::BrokerNode*>(m_world.node(world::brokerAddress(broker)));
}

const broker::BrokerNode* ReplicaReader::liveNode(base::BrokerId broker) const {
  const broker::BrokerNode* found = node(broker);
  return found == nullptr || found->logDirectoryFailure() ? nullptr : found;
}

const log::PartitionLog* ReplicaReader::log(base::BrokerId broker, const base::TopicPartition& partition) const {
  const broker::BrokerNode* found = liveNode(broker);
  return found == nullptr ? nullptr : found->findLog(partition);
}

std::optional<broker::ReplicaView> ReplicaReader::view(base::BrokerId broker,
                                                       const base::TopicPartition& partition) const {
  const broker::BrokerNode* found = liveNode(broker);
  if (found == nullptr) return std::nullopt;
  for (const broker::ReplicaView& replica : found->replicas())
    if (replica.partition == partition) return replica;
  return std::nullopt;
}

std::map<base::Offset, log::BatchHeader> ReplicaReader::batches(const log::PartitionLog& log, base::Offset from,
                                                                base::Offset end) {
  constexpr size_t kReadBytes = 1 << 20;
  std::map<base::Offset, log::BatchHeader> headers;
  base::Offset next = from;
  while (next < end) {
    const auto read = log.read(next, end, kReadBytes, true);
    if (!read || read->records.empty()) break;
    base::ByteView rest = read->records.view();
    const base::Offset before = next;
    while (!rest.empty()) {
      const log::BatchScan scan = log::scanBatch(rest, true);
      if (scan.end != log::BatchEnd::Complete) break;
      headers[scan.header.baseOffset] = scan.header;
      next = scan.header.nextOffset();
      rest = rest.subspan(scan.header.sizeInBytes);
    }
    if (next == before) break;
  }
  return headers;
}

}  // namespace streamscope::lab
