// libFuzzer's entry: the environment variable STREAMSCOPE_FUZZ_TARGET names the target, else it is the first one.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "fuzz_registry.h"

namespace {

using namespace streamscope;

fuzz::Target chosenTarget() {
  const std::vector<fuzz::Target> targets = fuzz::registeredTargets();
  const char* name = std::getenv("STREAMSCOPE_FUZZ_TARGET");
  for (const fuzz::Target& target : targets)
    if (name != nullptr && target.name == name) return target;
  return targets.front();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const fuzz::Target target = chosenTarget();
  target.run(base::ByteView(data, size));
  return 0;
}
