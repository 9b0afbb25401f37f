#pragma once

#include <string>

namespace streamscope::base {

/// Called when a promise of our own code is broken, before the process ends. The host installs one that saves the
/// recording and prints how to replay it; the default prints to standard error.
using AssertionHook = void (*)(const char* condition, const char* file, int line, const std::string& details);
void setAssertionHook(AssertionHook hook);

[[noreturn]] void assertionFailed(const char* condition, const char* file, int line, const std::string& details = {});

}  // namespace streamscope::base

/// A condition only a bug can break; stays on in every build. One condition each. The optional second argument is a
/// std::string with the values that help.
#define STREAMSCOPE_ASSERT(condition, ...) \
  ((condition) ? static_cast<void>(0)      \
               : ::streamscope::base::assertionFailed(#condition, __FILE__, __LINE__ __VA_OPT__(, ) __VA_ARGS__))
