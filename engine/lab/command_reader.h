#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/result.h"
#include "json_object.h"
#include "lab/command.h"

namespace streamscope::lab {

// The members of each command as JSON, for commandFromJson and for the lab file, where topics, producers and consumers
// stand without the name of their command. Each function reads its members from an object and leaves `done` to the
// caller; the first trouble is in the object's error.

void readCreateTopic(JsonObject& object, CreateTopic& command);
void readStartProducer(JsonObject& object, StartProducer& command);
void readStartConsumer(JsonObject& object, StartConsumer& command);
/// Reads the member "command" and what belongs to it.
std::optional<Command> readCommand(JsonObject& object);

nlohmann::ordered_json membersOf(const CreateTopic& command);
nlohmann::ordered_json membersOf(const StartProducer& command);
nlohmann::ordered_json membersOf(const StartConsumer& command);
/// With "command" first.
nlohmann::ordered_json toJsonObject(const Command& command);

}  // namespace streamscope::lab
