#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "base/error_code.h"
#include "json_object.h"
#include "lab/command.h"
#include "protocol/api_key.h"

namespace streamscope::lab {

// The members of each fault as JSON; see command_reader.h.

void readMembers(JsonObject& object, CutLink& command);
void readMembers(JsonObject& object, SetLink& command);
void readMembers(JsonObject& object, HealLink& command);
void readMembers(JsonObject& object, CutPower& command);
void readMembers(JsonObject& object, SetDisk& command);
void readMembers(JsonObject& object, ReplaceDisk& command);
void readMembers(JsonObject& object, FlipBit& command);
void readMembers(JsonObject& object, SetClock& command);
void readMembers(JsonObject& object, InjectError& command);

nlohmann::ordered_json membersOf(const CutLink& command);
nlohmann::ordered_json membersOf(const SetLink& command);
nlohmann::ordered_json membersOf(const HealLink& command);
nlohmann::ordered_json membersOf(const CutPower& command);
nlohmann::ordered_json membersOf(const SetDisk& command);
nlohmann::ordered_json membersOf(const ReplaceDisk& command);
nlohmann::ordered_json membersOf(const FlipBit& command);
nlohmann::ordered_json membersOf(const SetClock& command);
nlohmann::ordered_json membersOf(const InjectError& command);

/// By the name Kafka gives it; nothing for one this program does not know.
std::optional<protocol::ApiKey> apiOf(std::string_view name);
std::optional<base::ErrorCode> errorOf(std::string_view name);

}  // namespace streamscope::lab
