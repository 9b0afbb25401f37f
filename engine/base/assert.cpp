#include "base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace streamscope::base {
namespace {

AssertionHook installedHook = nullptr;

}  // namespace

void setAssertionHook(AssertionHook hook) { installedHook = hook; }

void assertionFailed(const char* condition, const char* file, int line, const std::string& details) {
  std::fprintf(stderr, "%s:%d: broken promise: %s%s%s\n", file, line, condition, details.empty() ? "" : ": ",
               details.c_str());
  if (installedHook != nullptr) installedHook(condition, file, line, details);
  std::abort();
}

}  // namespace streamscope::base
