#pragma once

#include <utility>
#include <vector>

#include "base/random.h"
#include "base/topic_partition.h"
#include "lab/lab_description.h"
#include "simulation/trial.h"
#include "world/address.h"

namespace streamscope::simulation {

// What a fault may hit.

base::BrokerId drawBroker(base::Random& random, const lab::LabDescription& lab);
base::TopicPartition drawPartition(base::Random& random, const lab::LabDescription& lab);

/// The ids that the lab gives its controllers.
std::vector<int32_t> controllerIdsOf(const lab::LabDescription& lab);
int32_t drawController(base::Random& random, const lab::LabDescription& lab);
/// Half the time the active one, whoever that is then (0 in a command).
int32_t drawControllerOrActive(base::Random& random, const lab::LabDescription& lab);

/// Two nodes that talk with each other: brokers, a broker and a controller, or controllers.
std::pair<world::Address, world::Address> drawLink(base::Random& random, const lab::LabDescription& lab);

/// Cuts a link, and heals it.
void cut(Fault& fault, world::Address a, world::Address b);
void cutFromOtherControllers(const lab::LabDescription& lab, int32_t controller, Fault& fault);
void cutFromControllers(const lab::LabDescription& lab, base::BrokerId broker, Fault& fault);
void cutFromOtherBrokers(const lab::LabDescription& lab, base::BrokerId broker, Fault& fault);

}  // namespace streamscope::simulation
