#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace streamscope::log {

enum class ProblemKind : uint8_t {
  /// The file ends inside something: what a crash leaves. Recovery cuts it off.
  TornTail,
  /// Bytes in the middle are not what was written; whole things follow.
  Damage,
  /// Readable, but not what the log beside it says.
  Mismatch,
};

/// "torn tail", "damage", "mismatch".
std::string_view problemKindName(ProblemKind kind);

/// Something wrong in a file.
struct DumpProblem {
  uint64_t atByte = 0;
  std::string reason;
  ProblemKind kind = ProblemKind::Damage;
};

/// A field and its bytes, [begin, end). The name has static storage.
struct DumpedField {
  const char* name = "";
  uint64_t begin = 0;
  uint64_t end = 0;

  bool operator==(const DumpedField&) const = default;
};

}  // namespace streamscope::log
