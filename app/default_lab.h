#pragma once

#include <optional>

#include "lab/lab_description.h"

namespace streamscope::app {

/// The lab of a window that was given none: three brokers, a topic with work on it, and defaults under which what a
/// real client creates is replicated too.
std::optional<lab::LabDescription> defaultLab();

}  // namespace streamscope::app
