#pragma once

#include <string>

#include "base/error_code.h"
#include "protocol/message.h"

namespace streamscope::client {

/// What an administrator's request came to.
struct AdminResult {
  base::ErrorCode error = base::ErrorCode::UNKNOWN_SERVER_ERROR;
  std::string message;
};

/// The first refusal in a response, or NONE. That a partition needs no election is no refusal. UNKNOWN_SERVER_ERROR for
/// a response without a result.
AdminResult adminResultOf(const protocol::ResponseBody& body);

}  // namespace streamscope::client
