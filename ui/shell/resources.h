#pragma once

namespace streamscope::ui {

/// Makes resources/ available; a static library's resources are not registered by themselves. Cheap when called again.
void loadResources();

}  // namespace streamscope::ui
