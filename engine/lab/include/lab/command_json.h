#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "lab/command.h"

namespace streamscope::lab {

/// A command as one line of JSON: {"command":"killBroker","broker":2}. The form of a lab file's timed commands, of
/// recordings and of the trace; lessons/schema/lab.schema.json describes it.
std::string toJson(const Command& command);

/// Strict: an unknown command or member, a wrong type or a value out of range is refused (INVALID_REQUEST) with the
/// place ("/broker") and what is allowed.
base::Result<Command> commandFromJson(std::string_view text);

}  // namespace streamscope::lab
