#include "support/test_registry.h"

#include <QCoreApplication>
#include <QTest>
#include <cstring>
#include <map>
#include <string>
#include <vector>

namespace streamscope::support {
namespace {

std::map<std::string, TestFactory>& registry() {
  static std::map<std::string, TestFactory> tests;
  return tests;
}

}  // namespace

bool registerTest(const char* name, TestFactory factory) {
  return registry().emplace(name, factory).second;
}

int runRegisteredTests(int argc, char** argv) {
  std::string only;
  std::vector<char*> arguments;
  for (int i = 0; i < argc; ++i) {
    if (std::strcmp(argv[i], "--only") == 0 && i + 1 < argc)
      only = argv[++i];
    else
      arguments.push_back(argv[i]);
  }
  int failures = 0;
  int run = 0;
  for (const auto& [name, factory] : registry()) {
    if (!only.empty() && only != name) continue;
    ++run;
    failures += QTest::qExec(factory().get(), static_cast<int>(arguments.size()), arguments.data());
  }
  // A run of nothing is a mistake, not a success.
  return run == 0 ? 1 : failures;
}

}  // namespace streamscope::support
