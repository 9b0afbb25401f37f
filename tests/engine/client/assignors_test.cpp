#include <QTest>
#include <algorithm>
#include <map>
#include <set>

#include "base/random.h"
#include "cooperative_sticky_assignor.h"
#include "range_assignor.h"
#include "round_robin_assignor.h"
#include "sticky_assignor.h"
#include "support/test_registry.h"

using namespace streamscope;
using base::TopicPartition;
using client::GroupAssignment;
using client::GroupSubscription;

namespace {

/// Members "a", "b", ... that all subscribe to all topics; partition counts by topic.
GroupSubscription group(int members, const std::map<std::string, size_t>& topics) {
  GroupSubscription group;
  for (const auto& [topic, partitions] : topics) group.topics[topic].resize(partitions);
  for (int member = 0; member < members; ++member) {
    client::MemberSubscription subscription;
    for (const auto& [topic, partitions] : topics) subscription.topics.push_back(topic);
    group.members.emplace_back(std::string(1, static_cast<char>('a' + member)), subscription);
  }
  return group;
}

void setOwned(GroupSubscription& group, const GroupAssignment& assignment, int32_t generation) {
  for (auto& [memberId, subscription] : group.members) {
    const auto owned = assignment.find(memberId);
    if (owned == assignment.end()) continue;
    subscription.ownedPartitions = owned->second;
    subscription.generationId = generation;
    subscription.userData = client::stickyUserData(owned->second, generation);
  }
}

std::string text(const GroupAssignment& assignment) {
  std::string text;
  for (const auto& [memberId, partitions] : assignment) {
    text += (text.empty() ? "" : " ") + memberId + ":";
    for (const TopicPartition& partition : partitions) text += " " + partition.toString();
  }
  return text;
}

size_t moved(const GroupAssignment& before, const GroupAssignment& after) {
  size_t count = 0;
  for (const auto& [memberId, partitions] : after)
    for (const TopicPartition& partition : partitions)
      for (const auto& [otherId, owned] : before)
        if (otherId != memberId && std::ranges::binary_search(owned, partition)) ++count;
  return count;
}

}  // namespace

/// What is promised of assignments; tests/conformance/assignors_test.cpp compares them with Kafka's.
class AssignorsTest : public QObject {
  Q_OBJECT
 private slots:
  void rangeGivesContiguousPartitionsOfEachTopic() {
    QCOMPARE(text(client::assignRanges(group(2, {{"t", 3}, {"u", 3}}))), std::string("a: t-0 t-1 u-0 u-1 b: t-2 u-2"));
  }
  void rangePrefersPartitionsThatAreNear() {
    GroupSubscription near = group(2, {{"t", 2}});
    near.topics["t"] = {{"x"}, {"y"}};
    near.members[0].second.rackId = "y";
    near.members[1].second.rackId = "x";
    QCOMPARE(text(client::assignRanges(near)), std::string("a: t-1 b: t-0"));
  }
  void roundRobinDealsOneByOne() {
    QCOMPARE(text(client::assignRoundRobin(group(2, {{"t", 3}, {"u", 3}}))),
             std::string("a: t-0 t-2 u-1 b: t-1 u-0 u-2"));
  }
  void membersWithAnInstanceIdComeFirst() {
    GroupSubscription statics = group(2, {{"t", 1}});
    statics.members[1].second.groupInstanceId = "z";
    QCOMPARE(text(client::assignRoundRobin(statics)), std::string("a: b: t-0"));
  }

  void stickyMovesAsFewAsPossible() {
    const GroupSubscription three = group(3, {{"t", 10}, {"u", 5}});
    const GroupAssignment before = client::assignSticky(three);
    GroupSubscription four = group(4, {{"t", 10}, {"u", 5}});
    setOwned(four, before, 1);
    const GroupAssignment after = client::assignSticky(four);
    QCOMPARE(after.at("d").size(), size_t{3});
    QCOMPARE(moved(before, after), size_t{3});
  }
  void cooperativeWaitsForWhatIsStillOwned() {
    const GroupAssignment before = client::assignCooperativeSticky(group(1, {{"t", 4}}));
    GroupSubscription two = group(2, {{"t", 4}});
    setOwned(two, before, 1);
    const GroupAssignment first = client::assignCooperativeSticky(two);
    QCOMPARE(text(first), std::string("a: t-0 t-1 b:"));
    setOwned(two, first, 2);
    QCOMPARE(text(client::assignCooperativeSticky(two)), std::string("a: t-0 t-1 b: t-2 t-3"));
  }
  void twoClaimsOfOneGenerationCancelEachOther() {
    GroupSubscription claims = group(2, {{"t", 2}});
    setOwned(claims, {{"a", {{"t", 0}}}, {"b", {{"t", 0}}}}, 3);
    // Nobody is believed, so that whoever gets it waits a round.
    QCOMPARE(text(client::assignCooperativeSticky(claims)), std::string("a: b: t-1"));
  }

  void everyPartitionHasOneOwnerInDrawnGroups() {
    base::Random random(5);
    for (int round = 0; round < 300; ++round) {
      GroupSubscription drawn =
          group(static_cast<int>(1 + random.below(8)), {{"t", random.below(9)}, {"u", random.below(20)}, {"v", 3}});
      const bool isMixed = random.below(2) == 0;
      std::set<std::string> subscribed;
      for (auto& [memberId, subscription] : drawn.members) {
        if (isMixed) subscription.topics.erase(subscription.topics.begin() + static_cast<ptrdiff_t>(random.below(3)));
        subscribed.insert(subscription.topics.begin(), subscription.topics.end());
      }
      setOwned(drawn, client::assignRoundRobin(drawn), 1);
      drawn.members.erase(drawn.members.begin());
      if (drawn.members.empty()) continue;
      subscribed.clear();
      for (const auto& [memberId, subscription] : drawn.members)
        subscribed.insert(subscription.topics.begin(), subscription.topics.end());
      size_t partitions = 0;
      for (const std::string& topic : subscribed) partitions += drawn.topics[topic].size();
      for (const GroupAssignment& assignment :
           {client::assignRanges(drawn), client::assignRoundRobin(drawn), client::assignSticky(drawn)}) {
        std::set<TopicPartition> owned;
        size_t count = 0;
        for (const auto& [memberId, mine] : assignment) {
          owned.insert(mine.begin(), mine.end());
          count += mine.size();
        }
        QCOMPARE(owned.size(), count);
        QCOMPARE(count, partitions);
      }
      if (isMixed) continue;
      size_t least = SIZE_MAX, most = 0;
      for (const auto& [memberId, mine] : client::assignSticky(drawn)) {
        least = std::min(least, mine.size());
        most = std::max(most, mine.size());
      }
      QVERIFY(most - least <= 1);
    }
  }

  void userDataComesBack() {
    const std::vector<TopicPartition> owned = {{"t", 1}, {"t", 3}, {"u", 0}};
    const client::MemberData data = client::readStickyUserData(client::stickyUserData(owned, 7));
    QVERIFY(data.partitions == owned);
    QCOMPARE(data.generation.value(), 7);
    QVERIFY(client::readStickyUserData(base::SharedBytes(base::Bytes{0, 0, 0, 9, 1})).partitions.empty());
  }
};

STREAMSCOPE_TEST(AssignorsTest);
#include "assignors_test.moc"
