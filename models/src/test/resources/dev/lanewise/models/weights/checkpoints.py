"""Writes the PyTorch checkpoints of this folder, and what they hold to expected.txt.

Run with PyTorch 1.13.1 (Debian 12: apt-get install python3-torch):  python3 checkpoints.py
"""

import collections
import os
import pickle
import struct

import torch

FOLDER = os.path.dirname(os.path.abspath(__file__))
expected = []


def save(name, value, tensors, legacy):
    path = os.path.join(FOLDER, name)
    torch.save(value, path, _use_new_zipfile_serialization=not legacy)
    expect(name, tensors)


def expect(name, tensors):
    for key, tensor in tensors.items():
        shape = " ".join(map(str, tensor.shape))
        values = " ".join(map(repr, tensor.detach().double().flatten().tolist()))
        expected.append("\t".join((name, key, shape, values.replace("inf", "Infinity"))) + "\n")


def both(name, value, tensors):
    save(name + ".pth", value, tensors, legacy=False)
    save(name + "_legacy.pth", value, tensors, legacy=True)


torch.manual_seed(5)
network = torch.nn.Sequential(
    collections.OrderedDict(
        conv1=torch.nn.Conv2d(2, 3, 3, padding=1, bias=False),
        bn1=torch.nn.BatchNorm2d(3),
        relu=torch.nn.ReLU(),
        flatten=torch.nn.Flatten(),
        fc=torch.nn.Linear(48, 4),
    )
)
image = torch.rand(2, 2, 4, 4)
network(image)  # moves the running statistics
network.eval()
state = network.state_dict()
both("network", state, state)
save("output.pth", {"input": image, "output": network(image).detach()},
     {"input": image, "output": network(image)}, legacy=False)

optimizer = torch.optim.SGD(network.parameters(), lr=0.1, momentum=0.9)
network(image).sum().backward()
optimizer.step()
state = network.state_dict()
parallel = collections.OrderedDict(("module." + key, value) for key, value in state.items())
both("checkpoint", {
    "epoch": 3, "arch": "small", "best_acc1": torch.tensor(76.5), "state_dict": parallel,
    "optimizer": optimizer.state_dict(), "loss": None, "rate": 0.1, "done": False,
    "size": torch.Size([2, 2, 4, 4]), "steps": 2**40, "below": -5,
}, state)
both("parameters", dict(network.named_parameters()), dict(network.named_parameters()))

types = {
    str(kind).replace("torch.", ""): torch.tensor([[0, 1, 100], [3, 2, 65]]).to(kind)
    for kind in (torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64,
                 torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool)
}
types["fractions16"] = torch.tensor([0.1, -1e-7, 65504, float("inf")]).half()
types["fractions_brain"] = torch.tensor([0.1, -1e-30, 3e38]).bfloat16()
types["scalar"] = torch.tensor(2.5)
both("types", types, types)

base = torch.arange(24, dtype=torch.float32)
views = {
    "whole": base,
    "matrix": base.view(4, 6),
    "transposed": base.view(4, 6).t(),
    "slice": base.view(4, 6)[1:3, ::2],
    "tail": base[20:],
    "expanded": base[3:4].expand(2, 2),
    "channels_last": base.view(1, 2, 3, 4).contiguous(memory_format=torch.channels_last),
}
both("views", views, views)

huge = torch.zeros(1).expand(30000, 30000)
save("huge.pth", {"huge": huge}, {}, legacy=False)
save("huge_legacy.pth", {"huge": huge}, {}, legacy=True)

save("whole_model.pth", network, {}, legacy=False)
save("whole_model_legacy.pth", torch.nn.Linear(1, 1), {}, legacy=True)


class Hostile:
    def __reduce__(self):
        return (os.system, ("echo executed",))


save("hostile.pth", {"weight": Hostile()}, {}, legacy=False)
save("hostile_legacy.pth", {"weight": Hostile()}, {}, legacy=True)



class OldPickler(pickle.Pickler):
    """Refers to a part of a storage, as PyTorch did before version 0.4."""

    def persistent_id(self, value):
        if torch.is_storage(value):
            return "storage", torch.FloatStorage, "1", "cpu", 24, ("2", 4, 20)
        return None


part = base[4:].view(4, 5)
with open(os.path.join(FOLDER, "part_legacy.pth"), "wb") as out:
    for value in (torch.serialization.MAGIC_NUMBER, 1001, {"little_endian": True}):
        pickle.dump(value, out, protocol=2)
    OldPickler(out, protocol=2).dump(
        collections.OrderedDict(part=part.as_strided((4, 5), (5, 1), 0)))
    pickle.dump(["1"], out, protocol=2)
    out.write(struct.pack("<q", 24) + struct.pack("<24f", *base.tolist()))
expect("part_legacy.pth", {"part": part})

with open(os.path.join(FOLDER, "expected.txt"), "w") as out:
    out.writelines(expected)
