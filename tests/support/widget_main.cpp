#include <QApplication>

#include "support/test_registry.h"

int main(int argc, char** argv) {
  QApplication application(argc, argv);
  return streamscope::support::runRegisteredTests(argc, argv);
}
