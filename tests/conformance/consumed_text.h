#pragma once

#include <QByteArray>

#include "log/partition_log.h"

namespace streamscope::conformance {

/// What a consumer reads from a log, from its start to `end`, in the form of ReadTopics.java: a line for each record
/// that is not a control record. The first line tells the beginning and the end.
base::Result<QByteArray> consumedText(const log::PartitionLog& log, base::Offset end);

}  // namespace streamscope::conformance
