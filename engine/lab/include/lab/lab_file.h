#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "lab/lab_description.h"

namespace streamscope::lab {

/// Reads the text of a `*.lab.json` file. INVALID_REQUEST with one sentence: line and column of broken JSON, else the
/// place as a JSON pointer ("/producers/0/acks"), what is there and what is allowed. A file of a newer version than
/// LabDescription::kFileVersion is UNSUPPORTED_VERSION.
/// Durations are text with a unit: "500 us", "5 ms", "20 s", "2 min", "1 h".
base::Result<LabDescription> parseLabFile(std::string_view text);

/// The file that parseLabFile reads back as the same description; indented, members in the schema's order.
std::string writeLabFile(const LabDescription& description);

}  // namespace streamscope::lab
