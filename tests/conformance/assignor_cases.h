#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/uuid.h"
#include "group_subscription.h"

namespace streamscope::conformance {

/// An assignor and a group to give to it. As text for kafka/driver/Assign.java, a line each and "-" for nothing:
///
///   group <assignor>
///   topic <name> <id> <racks of each partition's replicas, a+b> ...
///   member <id> <instance> <rack> <generation> <topics, comma> <user data in hex> <owned partitions, topic:number>
///   end
struct AssignorCase {
  std::string assignor;
  struct Topic {
    std::string name;
    base::Uuid id;
    std::vector<client::PartitionRacks> partitions;
  };
  std::vector<Topic> topics;
  std::vector<std::pair<std::string, client::MemberSubscription>> members;
};

inline constexpr const char* kAssignors[] = {"range",        "roundrobin",    "sticky", "cooperative-sticky",
                                             "server-range", "server-uniform"};

std::string toText(const AssignorCase& group);
/// "member=topic:0,topic:1 member=" as the engine assigns.
std::string assign(const AssignorCase& group);

/// A group through its life: members come and go, change their subscriptions, stay behind in generations and claim what
/// is no longer theirs; topics grow. Each step is a case, and what it came to is owned in the next.
std::vector<AssignorCase> drawGroupLife(const std::string& assignor, base::Random& random, int steps);

}  // namespace streamscope::conformance
