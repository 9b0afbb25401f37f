#pragma once

#include "protocol/messages/api_versions.h"
#include "quorum_controller.h"

namespace streamscope::controller {

/// What the controller serves, and the features the cluster has finalized. An unknown version is answered with
/// UNSUPPORTED_VERSION and the range of this request alone.
protocol::ApiVersionsResponse handleApiVersions(const QuorumController& controller, int16_t version);

}  // namespace streamscope::controller
