#pragma once

#include <string>
#include <string_view>

#include "world/trace.h"

namespace streamscope::world {

/// "RequestSent", "RecordsAppended", ...: the name of the event's kind.
std::string_view eventName(const EventPayload& payload);

/// The event as one JSON object on one line, without a line end:
///   {"id":812,"cause":799,"timeUs":1234567,"event":"RecordsAppended","node":"broker 2","partition":"orders-1",...}
/// Times are integer microseconds of virtual time. Bytes that are no UTF-8 in a name from outside become U+FFFD.
std::string toJson(const TraceEvent& event);

}  // namespace streamscope::world
