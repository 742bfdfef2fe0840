import torch
from torch import nn
from torchvision import datasets, models, transforms

augment = transforms.Compose(
    [transforms.RandomResizedCrop(224), transforms.RandomHorizontalFlip(), transforms.ToTensor()]
)
leaves = datasets.ImageFolder("leaves/train", augment)
loader = torch.utils.data.DataLoader(leaves, batch_size=32, shuffle=True)

model = models.resnet18(weights="DEFAULT")
model.fc = nn.Linear(model.fc.in_features, len(leaves.classes))
optimiser = torch.optim.AdamW(model.parameters(), lr=3e-4)
loss_of = nn.CrossEntropyLoss()

for epoch in range(5):
    for images, labels in loader:
        optimiser.zero_grad()
        loss = loss_of(model(images), labels)
        loss.backward()
        optimiser.step()
    print(epoch, loss.item())
torch.save(model.state_dict(), "leaf.pt")
