#include "world/address.h"

namespace streamscope::world {
namespace {

const char* kindName(NodeKind kind) {
  switch (kind) {
    case NodeKind::Broker:
      return "broker ";
    case NodeKind::Controller:
      return "controller ";
    case NodeKind::Client:
      return "client ";
    case NodeKind::External:
      return "external ";
  }
  return "node ";
}

}  // namespace

std::string Address::toString() const {
  return kindName(kind) + std::to_string(id);
}

}  // namespace streamscope::world
