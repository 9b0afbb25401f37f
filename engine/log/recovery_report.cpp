#include "log/partition_log.h"

namespace streamscope::log {

std::string RecoveryReport::Cut::toString() const {
  const std::string where = file + " at byte " + std::to_string(atByte) + ": " + reason;
  const std::string bytes = std::to_string(bytesCut) + " bytes";
  const std::string lost = std::to_string(batchesLost) + " whole batches (" + std::to_string(recordsLost) + " records)";
  switch (kind) {
    case Kind::TornTail:
      return "Torn tail of " + where + "; " + bytes + " were cut.";
    case Kind::DamageInMiddle:
      return "Damage in the middle of " + where + "; " + bytes + " were cut, " + lost + " behind it are lost.";
    case Kind::SegmentDropped:
      return "Dropped " + where + "; " + lost + " in " + bytes + " are lost.";
    case Kind::SmallFile:
      return "Not used: " + reason;
  }
  return where;
}

}  // namespace streamscope::log
