#include "assignor_cases.h"

#include <algorithm>
#include <map>
#include <set>

#include "assignors/consumer_group_spec.h"
#include "assignors/server_range_assignor.h"
#include "assignors/uniform_assignor.h"
#include "cooperative_sticky_assignor.h"
#include "range_assignor.h"
#include "round_robin_assignor.h"
#include "sticky_assignor.h"

namespace streamscope::conformance {

namespace {

using base::TopicPartition;
using client::GroupAssignment;
using client::MemberSubscription;

std::string orDash(const std::string& text) {
  return text.empty() ? "-" : text;
}

template <class Parts, class TextOf>
std::string joined(const Parts& parts, const char* separator, TextOf textOf) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : separator) + std::string(textOf(part));
  return orDash(text);
}

std::string nameOf(const TopicPartition& partition) {
  return partition.topic + ":" + std::to_string(partition.partition);
}

client::GroupSubscription clientGroup(const AssignorCase& group) {
  client::GroupSubscription subscription;
  subscription.members = group.members;
  for (const AssignorCase::Topic& topic : group.topics) subscription.topics[topic.name] = topic.partitions;
  return subscription;
}

GroupAssignment assignByCoordinator(const AssignorCase& group) {
  coordinator::ConsumerGroupSpec spec;
  std::map<std::string, base::Uuid> ids;
  std::map<base::Uuid, std::string> names;
  for (const AssignorCase::Topic& topic : group.topics) {
    ids[topic.name] = topic.id;
    names[topic.id] = topic.name;
    spec.partitionCounts[topic.id] = static_cast<int32_t>(topic.partitions.size());
  }
  for (const auto& [memberId, subscription] : group.members) {
    coordinator::ConsumerGroupMemberSpec& member = spec.members[memberId];
    member.instanceId = subscription.groupInstanceId;
    for (const std::string& topic : subscription.topics)
      if (ids.contains(topic)) member.subscribedTopics.insert(ids[topic]);
    for (const TopicPartition& owned : subscription.ownedPartitions)
      member.assigned[ids.at(owned.topic)].insert(owned.partition);
  }
  const coordinator::ConsumerGroupAssignment assigned =
      group.assignor == "server-range" ? coordinator::assignRanges(spec) : coordinator::assignUniformly(spec);
  GroupAssignment assignment;
  for (const auto& [memberId, topics] : assigned) {
    std::vector<TopicPartition>& partitions = assignment[memberId];
    for (const auto& [id, numbers] : topics)
      for (const base::PartitionId number : numbers) partitions.push_back({names.at(id), number});
    std::ranges::sort(partitions);
  }
  return assignment;
}

GroupAssignment assignmentOf(const AssignorCase& group) {
  if (group.assignor == "range") return client::assignRanges(clientGroup(group));
  if (group.assignor == "roundrobin") return client::assignRoundRobin(clientGroup(group));
  if (group.assignor == "sticky") return client::assignSticky(clientGroup(group));
  if (group.assignor == "cooperative-sticky") return client::assignCooperativeSticky(clientGroup(group));
  return assignByCoordinator(group);
}

/// Draws what happens to a group.
class GroupLife {
 public:
  GroupLife(const std::string& assignor, base::Random& random) : m_random(random) {
    m_case.assignor = assignor;
    m_hasRacks = chance(3);
    m_isUniform = chance(2);
    const size_t topics = 1 + below(6);
    for (size_t topic = 0; topic < topics; ++topic) addTopic();
    const size_t members = 1 + below(chance(5) ? 30 : 8);
    for (size_t member = 0; member < members; ++member) addMember();
  }

  const AssignorCase& current() const { return m_case; }

  void advance() {
    const GroupAssignment assignment = assignmentOf(m_case);
    ++m_generation;
    for (auto& [memberId, subscription] : m_case.members) {
      // Now and then somebody misses a rebalance.
      if (chance(8)) continue;
      setOwned(subscription, assignment.at(memberId), m_generation);
    }
    for (size_t changes = below(4); changes > 0; --changes) change();
    if (!isServer()) return;
    // A coordinator knows who has what: nothing belongs to two.
    std::set<TopicPartition> owned;
    for (auto& [memberId, subscription] : m_case.members)
      std::erase_if(subscription.ownedPartitions,
                    [&](const TopicPartition& each) { return !owned.insert(each).second; });
  }

 private:
  size_t below(size_t bound) { return m_random.below(bound); }
  bool chance(size_t oneIn) { return below(oneIn) == 0; }
  bool isServer() const { return m_case.assignor.starts_with("server-"); }
  base::Uuid uuid() { return {m_random.next(), m_random.next()}; }

  client::PartitionRacks racks() {
    static const std::vector<std::string> kRacks = {"a", "b", "c", "d"};
    client::PartitionRacks racks;
    const size_t first = below(kRacks.size());
    if (m_hasRacks)
      for (size_t replica = below(4); replica > 0; --replica)
        racks.push_back(kRacks[(first + replica) % kRacks.size()]);
    return racks;
  }
  void addTopic() {
    AssignorCase::Topic topic{"topic-" + std::to_string(m_case.topics.size()), uuid(), {}};
    for (size_t partition = 1 + below(chance(6) ? 40 : 9); partition > 0; --partition)
      topic.partitions.push_back(racks());
    m_case.topics.push_back(std::move(topic));
  }
  std::vector<std::string> subscription() {
    std::vector<std::string> topics;
    for (const AssignorCase::Topic& topic : m_case.topics)
      if (m_isUniform || chance(2)) topics.push_back(topic.name);
    if (topics.empty()) topics.push_back(m_case.topics[below(m_case.topics.size())].name);
    if (!m_isUniform && chance(10)) topics.push_back("missing");
    return topics;
  }
  void addMember() {
    MemberSubscription subscription;
    subscription.topics = this->subscription();
    if (m_hasRacks && !chance(4)) subscription.rackId = std::string(1, static_cast<char>('a' + below(5)));
    if (chance(6)) subscription.groupInstanceId = "instance-" + std::to_string(m_nextInstance++);
    m_case.members.insert(m_case.members.begin() + static_cast<ptrdiff_t>(below(m_case.members.size() + 1)),
                          {"consumer-" + std::to_string(1 + below(9)) + "-" + uuid().toString(), subscription});
  }
  void setOwned(MemberSubscription& subscription, const std::vector<TopicPartition>& owned, int32_t generation) {
    const bool isSticky = m_case.assignor == "sticky";
    if (isSticky) {
      subscription.userData = client::stickyUserData(owned, generation);
    } else {
      subscription.ownedPartitions = owned;
    }
    subscription.generationId.reset();
    if (m_case.assignor == "cooperative-sticky" && chance(10))
      subscription.userData = client::cooperativeStickyUserData(generation);
    else if (!isServer())
      subscription.generationId = generation;
  }
  void change() {
    switch (below(6)) {
      case 0:
        return addMember();
      case 1:
        if (m_case.members.size() > 1)
          m_case.members.erase(m_case.members.begin() + static_cast<ptrdiff_t>(below(m_case.members.size())));
        return;
      case 2:
        m_case.topics[below(m_case.topics.size())].partitions.push_back(racks());
        return;
      case 3:
        if (!m_isUniform) m_case.members[below(m_case.members.size())].second.topics = subscription();
        return;
      case 4:
        return claimWhatAnotherHas();
      default:
        if (m_isUniform && chance(3)) {
          addTopic();
          for (auto& [memberId, member] : m_case.members) member.topics.push_back(m_case.topics.back().name);
        }
    }
  }
  void claimWhatAnotherHas() {
    if (isServer()) return;
    const MemberSubscription& from = m_case.members[below(m_case.members.size())].second;
    MemberSubscription& to = m_case.members[below(m_case.members.size())].second;
    to.userData = from.userData;
    to.ownedPartitions = from.ownedPartitions;
    if (chance(2)) to.generationId = from.generationId;
  }

  base::Random& m_random;
  AssignorCase m_case;
  bool m_hasRacks = false;
  bool m_isUniform = false;
  int32_t m_generation = 0;
  int m_nextInstance = 0;
};

}  // namespace

std::string toText(const AssignorCase& group) {
  std::string text = "group " + group.assignor + "\n";
  for (const AssignorCase::Topic& topic : group.topics) {
    text += "topic " + topic.name + " " + topic.id.toString();
    for (const client::PartitionRacks& racks : topic.partitions)
      text += " " + joined(racks, "+", [](const std::string& rack) { return rack; });
    text += "\n";
  }
  for (const auto& [memberId, member] : group.members)
    text += "member " + memberId + " " + orDash(member.groupInstanceId) + " " + orDash(member.rackId) + " " +
            std::to_string(member.generationId.value_or(-1)) + " " +
            joined(member.topics, ",", [](const std::string& topic) { return topic; }) + " " +
            (member.userData ? base::toHex(member.userData->view()) : "-") + " " +
            joined(member.ownedPartitions, ",", nameOf) + "\n";
  return text + "end\n";
}

std::string assign(const AssignorCase& group) {
  std::string text;
  for (const auto& [memberId, partitions] : assignmentOf(group))
    text += (text.empty() ? "" : " ") + memberId + "=" + (partitions.empty() ? "" : joined(partitions, ",", nameOf));
  return text;
}

std::vector<AssignorCase> drawGroupLife(const std::string& assignor, base::Random& random, int steps) {
  GroupLife life(assignor, random);
  std::vector<AssignorCase> cases{life.current()};
  while (static_cast<int>(cases.size()) < steps) {
    life.advance();
    cases.push_back(life.current());
  }
  return cases;
}

}  // namespace streamscope::conformance
