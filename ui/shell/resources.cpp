#include "shell/resources.h"

#include <QtGlobal>

// Must stand outside of every namespace.
static void initResources() {
  Q_INIT_RESOURCE(streamscope);
}

namespace streamscope::ui {

void loadResources() {
  static const bool loaded = (initResources(), true);
  Q_UNUSED(loaded);
}

}  // namespace streamscope::ui
