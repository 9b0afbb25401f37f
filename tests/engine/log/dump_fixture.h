#pragma once

#include <string>
#include <vector>

#include "base/assert.h"
#include "log/dump.h"
#include "log_fixture.h"

namespace streamscope::log {

/// A closed log of 30 batches with two records each, in several segments.
inline void fillForDump(LogFixture& fixture) {
  fixture.config.segmentBytes = 1500;
  fixture.config.indexIntervalBytes = 200;
  STREAMSCOPE_ASSERT(fixture.open().has_value());
  for (int i = 0; i < 30; ++i) {
    const BatchSpec spec{
        .count = 2, .timestamp = kTestTime + i, .producerId = 4, .producerEpoch = 0, .baseSequence = 2 * i};
    STREAMSCOPE_ASSERT(fixture.write(spec, i / 20).has_value());
  }
  STREAMSCOPE_ASSERT(fixture.log->close().has_value());
}

/// "damage@12 torn tail@80": kinds and places.
inline std::string shown(const std::vector<DumpProblem>& problems) {
  std::string text;
  for (const DumpProblem& problem : problems)
    text +=
        (text.empty() ? "" : " ") + std::string(problemKindName(problem.kind)) + "@" + std::to_string(problem.atByte);
  return text;
}

inline void writeFile(storage::Storage& storage, const std::string& path, base::ByteView bytes) {
  STREAMSCOPE_ASSERT(storage.writeFileAtomically(path, bytes).has_value());
}

}  // namespace streamscope::log
