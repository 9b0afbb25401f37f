#pragma once

namespace streamscope::ui {

/// Gives the stage its twin for screen readers: a list whose items are the controllers, brokers, replicas and clients,
/// each with the inspector's words for it. Call it once; calling it again does nothing.
void installStageAccessibility();

}  // namespace streamscope::ui
