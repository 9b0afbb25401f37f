#pragma once

#include <string>

#include "world/trace.h"

namespace streamscope::world {

/// What happened, as a sentence without a full stop: "broker 2 appended orders-1 [120..131], 1536 bytes, as leader in
/// epoch 4".
std::string sentence(const EventPayload& payload);

/// The event on one line: "00:00:01.234 #812 <-#799 broker 2 appended ...". Without a cause the arrow is left out.
std::string toText(const TraceEvent& event);

}  // namespace streamscope::world
