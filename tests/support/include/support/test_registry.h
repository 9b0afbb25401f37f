#pragma once

#include <QObject>
#include <memory>

namespace streamscope::support {

using TestFactory = std::unique_ptr<QObject> (*)();

/// Adds a Qt Test class to this executable's run; used through STREAMSCOPE_TEST.
bool registerTest(const char* name, TestFactory factory);

/// Runs every registered class in the order of their names and returns the number of failures. Arguments are Qt Test's;
/// `--only NAME` runs one class.
int runRegisteredTests(int argc, char** argv);

}  // namespace streamscope::support

/// Registers `Class`, a QObject with test slots and a default constructor, at namespace scope of its .cpp file.
#define STREAMSCOPE_TEST(Class)                                                                \
  [[maybe_unused]] static const bool registered##Class = ::streamscope::support::registerTest( \
      #Class, []() -> std::unique_ptr<QObject> { return std::make_unique<Class>(); })
