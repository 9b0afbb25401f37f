#include "fuzz_registry.h"

#include <algorithm>
#include <utility>

namespace streamscope::fuzz {

namespace {

std::vector<Target>& targets() {
  static std::vector<Target> all;
  return all;
}

}  // namespace

bool registerTarget(Target target) {
  targets().push_back(std::move(target));
  return true;
}

std::vector<Target> registeredTargets() {
  std::vector<Target> all = targets();
  std::ranges::sort(all, {}, &Target::name);
  return all;
}

}  // namespace streamscope::fuzz
