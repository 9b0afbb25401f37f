#pragma once

#include <vector>

#include "base/bytes.h"
#include "log/dump_problem.h"

namespace streamscope::log {

/// The byte ranges of one record's fields, as DumpedRecord::fields names them. `record` begins with the record's length
/// and was read before without complaint; `begin` is where it stands.
std::vector<DumpedField> recordFields(base::ByteView record, uint64_t begin);

}  // namespace streamscope::log
