#include "base/error_code.h"

namespace streamscope::base {

std::string_view errorName(ErrorCode code) {
  switch (code) {
#define STREAMSCOPE_ERROR_CODE(name, number, retriable, refreshes) \
  case ErrorCode::name:                                            \
    return #name;
#include "base/error_code_table.inc"
#undef STREAMSCOPE_ERROR_CODE
  }
  return "UNDEFINED";
}

bool isRetriable(ErrorCode code) {
  switch (code) {
#define STREAMSCOPE_ERROR_CODE(name, number, retriable, refreshes) \
  case ErrorCode::name:                                            \
    return retriable;
#include "base/error_code_table.inc"
#undef STREAMSCOPE_ERROR_CODE
  }
  return false;
}

bool refreshesMetadata(ErrorCode code) {
  switch (code) {
#define STREAMSCOPE_ERROR_CODE(name, number, retriable, refreshes) \
  case ErrorCode::name:                                            \
    return refreshes;
#include "base/error_code_table.inc"
#undef STREAMSCOPE_ERROR_CODE
  }
  return false;
}

}  // namespace streamscope::base
