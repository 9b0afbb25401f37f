#pragma once

#include "log_files.h"

namespace streamscope::log {

/// Before a log is loaded: finishes or undoes the replacement of segments that an earlier life had begun, and removes
/// what else it left behind (`.deleted`, `.cleaned`, `.tmp`). A replacement is decided once none of its files is named
/// `.cleaned` any more: its `.swap` files then win over the segments they cover, before that the old ones stay. Kafka:
/// LogLoader.removeTempFilesAndCollectSwapFiles and the passes behind it.
storage::StorageStatus settleInterruptedReplacement(const LogFiles& files);

}  // namespace streamscope::log
