#include "inspect/batch_names.h"

namespace streamscope::app {

std::string_view codecName(log::Compression compression) {
  switch (compression) {
    case log::Compression::None:
      return "none";
    case log::Compression::Gzip:
      return "gzip";
    case log::Compression::Snappy:
      return "snappy";
    case log::Compression::Lz4:
      return "lz4";
    case log::Compression::Zstd:
      return "zstd";
  }
  return "unknown";
}

std::string_view timestampTypeName(const log::BatchHeader& header) {
  return header.isLogAppendTime() ? "LogAppendTime" : "CreateTime";
}

}  // namespace streamscope::app
