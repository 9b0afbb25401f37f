#include "sticky_assignor.h"

#include <algorithm>
#include <map>
#include <string>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/java_hash_order.h"
#include "sticky_assignment.h"

namespace streamscope::client {

GroupAssignment assignSticky(const GroupSubscription& group) {
  const NumberedGroup numbered(group);
  const StickyAssignment sticky = assignSticky(
      numbered, [](const MemberSubscription& subscription) { return readStickyUserData(subscription.userData); });
  return namedAssignment(numbered, sticky);
}

base::SharedBytes stickyUserData(const std::vector<base::TopicPartition>& partitions, int32_t generation) {
  std::map<std::string, std::vector<base::PartitionId>> byTopic;
  base::JavaHashOrder<std::string> topics;
  for (const base::TopicPartition& each : partitions) {
    if (!byTopic.contains(each.topic)) topics.insert(each.topic);
    byTopic[each.topic].push_back(each.partition);
  }
  base::ByteWriter writer;
  writer.writeInt32(static_cast<int32_t>(byTopic.size()));
  for (const std::string& topic : topics.keys()) {
    writer.writeInt16(static_cast<int16_t>(topic.size()));
    writer.writeBytes(base::asBytes(topic));
    writer.writeInt32(static_cast<int32_t>(byTopic[topic].size()));
    for (const base::PartitionId partition : byTopic[topic]) writer.writeInt32(partition);
  }
  writer.writeInt32(generation);
  return writer.take();
}

MemberData readStickyUserData(const std::optional<base::SharedBytes>& userData) {
  if (!userData || userData->empty()) return {};
  base::ByteReader reader(userData->view());
  MemberData data;
  const int32_t topics = reader.readInt32();
  for (int32_t topic = 0; topic < topics && !reader.failed(); ++topic) {
    const int16_t length = reader.readInt16();
    if (length < 0) reader.setFailed();
    const std::string name(base::asText(reader.readBytes(length < 0 ? 0 : static_cast<size_t>(length))));
    const int32_t partitions = reader.readInt32();
    for (int32_t index = 0; index < partitions && !reader.failed(); ++index)
      data.partitions.push_back({name, reader.readInt32()});
  }
  if (reader.failed() || topics < 0) return {{}, kNoGeneration};
  if (reader.remaining() >= sizeof(int32_t)) data.generation = reader.readInt32();
  return data;
}

}  // namespace streamscope::client
