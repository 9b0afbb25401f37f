#pragma once

#include <nlohmann/json.hpp>

#include "json_object.h"
#include "lab/command.h"

namespace streamscope::lab {

// The members of what an administrator does to topics, configs and leaders as JSON; see command_reader.h.

void readMembers(JsonObject& object, CreatePartitions& command);
void readMembers(JsonObject& object, AlterConfigs& command);
void readMembers(JsonObject& object, ElectLeaders& command);
void readMembers(JsonObject& object, ReassignPartition& command);
void readMembers(JsonObject& object, AlterReplicaLogDir& command);

nlohmann::ordered_json membersOf(const CreatePartitions& command);
nlohmann::ordered_json membersOf(const AlterConfigs& command);
nlohmann::ordered_json membersOf(const ElectLeaders& command);
nlohmann::ordered_json membersOf(const ReassignPartition& command);
nlohmann::ordered_json membersOf(const AlterReplicaLogDir& command);

}  // namespace streamscope::lab
