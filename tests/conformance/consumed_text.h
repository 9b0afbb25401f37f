#pragma once

#include <QByteArray>

#include "log/partition_log.h"

namespace streamscope::conformance {

enum class Isolation { ReadUncommitted, ReadCommitted };

/// What a consumer reads from a log that nobody else has a replica of, in the form of ReadTopics.java: a line for each
/// record that is not a control record. The first line tells the beginning and the end. Read committed ends at the last
/// stable offset and leaves out what was aborted, as Kafka's consumer does.
base::Result<QByteArray> consumedText(const log::PartitionLog& log, Isolation isolation);

}  // namespace streamscope::conformance
