#pragma once

#include <nlohmann/json.hpp>

#include "json_object.h"
#include "lab/command.h"

namespace streamscope::lab {

// The members of each fault as JSON; see command_reader.h.

void readMembers(JsonObject& object, CutLink& command);
void readMembers(JsonObject& object, SetLink& command);
void readMembers(JsonObject& object, HealLink& command);
void readMembers(JsonObject& object, CutPower& command);
void readMembers(JsonObject& object, SetDisk& command);
void readMembers(JsonObject& object, FlipBit& command);
void readMembers(JsonObject& object, SetClock& command);

nlohmann::ordered_json membersOf(const CutLink& command);
nlohmann::ordered_json membersOf(const SetLink& command);
nlohmann::ordered_json membersOf(const HealLink& command);
nlohmann::ordered_json membersOf(const CutPower& command);
nlohmann::ordered_json membersOf(const SetDisk& command);
nlohmann::ordered_json membersOf(const FlipBit& command);
nlohmann::ordered_json membersOf(const SetClock& command);

}  // namespace streamscope::lab
