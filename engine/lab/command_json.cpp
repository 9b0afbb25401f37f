#include "lab/command_json.h"

#include "command_reader.h"
#include "json_text.h"

namespace streamscope::lab {

std::string toJson(const Command& command) {
  return toJsonObject(command).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

base::Result<Command> commandFromJson(std::string_view text) {
  const base::Result<nlohmann::json> value = parseJson(text);
  if (!value) return base::fail(value.error());
  std::optional<base::Error> error;
  JsonObject object(*value, "", error);
  std::optional<Command> command = readCommand(object);
  object.done();
  if (error) return base::fail(*error);
  return *command;
}

}  // namespace streamscope::lab
