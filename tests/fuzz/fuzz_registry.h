#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"

namespace streamscope::fuzz {

/// A parser under attack. `samples` gives well-formed inputs to start from. `run` takes any bytes and must come back: a
/// crash, an assertion, a sanitizer's report or a hang is a failure. Promises that hold for every input (what was
/// decoded encodes again, ...) belong into `run` as STREAMSCOPE_ASSERT.
struct Target {
  std::string name;
  std::vector<base::Bytes> (*samples)();
  void (*run)(base::ByteView input);
};

/// Adds a target to this executable; used through STREAMSCOPE_FUZZ_TARGET.
bool registerTarget(Target target);

/// In the order of their names.
std::vector<Target> registeredTargets();

}  // namespace streamscope::fuzz

/// Registers functions `samples` and `run` under a name, at namespace scope of a .cpp file. The executable is made with
/// streamscope_fuzz in tests/fuzz/CMakeLists.txt.
#define STREAMSCOPE_FUZZ_TARGET(name, samples, run)                \
  [[maybe_unused]] static const bool registeredFuzzTarget_##name = \
      ::streamscope::fuzz::registerTarget({#name, samples, run})
