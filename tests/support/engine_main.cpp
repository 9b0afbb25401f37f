#include <QCoreApplication>

#include "support/test_registry.h"

int main(int argc, char** argv) {
  QCoreApplication application(argc, argv);
  return streamscope::support::runRegisteredTests(argc, argv);
}
