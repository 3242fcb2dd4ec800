// The bot in discord.js. It gets the address of the API and the token from the environment.
"use strict";

const {
  ActionRowBuilder,
  ApplicationCommandOptionType: Option,
  ApplicationCommandType: Kind,
  AttachmentBuilder,
  ButtonBuilder,
  ButtonStyle,
  Client,
  ContainerBuilder,
  Events,
  GatewayIntentBits: Intent,
  MediaGalleryBuilder,
  MessageFlags,
  ModalBuilder,
  Partials,
  StringSelectMenuBuilder,
  TextDisplayBuilder,
  TextInputBuilder,
  TextInputStyle,
} = require("discord.js");

const COMMANDS = [
  {
    name: "imagine",
    description: "Draw.",
    options: [
      { name: "prompt", description: "prompt", type: Option.String, required: true },
      { name: "ratio", description: "ratio", type: Option.String, autocomplete: true },
      { name: "image", description: "image", type: Option.Attachment },
    ],
  },
  ...["panel", "card", "form"].map((name) => ({ name, description: name })),
  { name: "Portrait", type: Kind.User },
  { name: "Imagine from this", type: Kind.Message },
];

const client = new Client({
  intents: [Intent.Guilds, Intent.GuildMessages, Intent.GuildMessageReactions, Intent.DirectMessages],
  partials: [Partials.Channel, Partials.Message, Partials.Reaction],
  rest: { api: process.env.DISCORD_API },
});

const button = (id) => new ButtonBuilder().setCustomId(id).setLabel("Again").setStyle(ButtonStyle.Secondary);
const picture = (content) => new AttachmentBuilder(content ?? Buffer.from("picture"), { name: "picture.png" });
const text = (words) => new TextDisplayBuilder().setContent(words);

const commands = {
  async imagine(interaction) {
    await interaction.deferReply();
    const options = interaction.options;
    const image = options.getAttachment("image");
    const content = image && Buffer.from(await (await fetch(image.url)).arrayBuffer());
    const ratio = options.getString("ratio") ?? "1:1";
    const words = `${options.getString("prompt")} ${ratio} ${content?.length ?? 0}`;
    await interaction.editReply({ content: words, files: [picture(content)] });
    await interaction.editReply(`done: ${words}`);
  },

  async panel(interaction) {
    const menu = new StringSelectMenuBuilder().setCustomId("ratio");
    menu.addOptions({ label: "wide", value: "16:9" }, { label: "tall", value: "9:16" });
    const rows = [button("again"), menu].map((part) => new ActionRowBuilder().addComponents(part));
    await interaction.reply({ content: `panel in ${interaction.guild.name}`, components: rows });
  },

  async card(interaction) {
    const card = new ContainerBuilder()
      .addTextDisplayComponents(text("a card"))
      .addMediaGalleryComponents(new MediaGalleryBuilder().addItems({ media: { url: "attachment://picture.png" } }))
      .addActionRowComponents(new ActionRowBuilder().addComponents(button("again-card")));
    await interaction.reply({ components: [card], files: [picture()], flags: MessageFlags.IsComponentsV2 });
  },

  async form(interaction) {
    const words = new TextInputBuilder().setCustomId("words").setLabel("Words").setMaxLength(10);
    const row = new ActionRowBuilder().addComponents(words.setStyle(TextInputStyle.Short));
    await interaction.showModal(new ModalBuilder().setCustomId("edit").setTitle("Edit").addComponents(row));
  },

  async Portrait(interaction) {
    const name = interaction.targetMember.displayName;
    await interaction.reply({ content: `portrait of ${name}`, flags: MessageFlags.Ephemeral });
  },

  async "Imagine from this"(interaction) {
    const words = `from: ${interaction.targetMessage.content}`;
    await interaction.reply({ content: words, flags: MessageFlags.Ephemeral });
  },
};

async function press(interaction) {
  if (interaction.customId === "again-card") return interaction.update({ components: [text("card pressed")] });
  return interaction.update({ content: `pressed by ${interaction.member.displayName}`, components: [] });
}

async function choose(interaction) {
  await interaction.deferUpdate();
  await interaction.followUp({ content: `chose ${interaction.values.join(", ")}`, flags: MessageFlags.Ephemeral });
}

client.on(Events.InteractionCreate, async (interaction) => {
  if (interaction.isCommand()) return commands[interaction.commandName](interaction);
  if (interaction.isButton()) return press(interaction);
  if (interaction.isStringSelectMenu()) return choose(interaction);
  if (interaction.isModalSubmit()) return interaction.reply(`words: ${interaction.fields.getTextInputValue("words")}`);
  const typed = interaction.options.getFocused();
  return interaction.respond([{ name: `${typed}:9 widescreen`, value: `${typed}:9` }]);
});

client.on(Events.MessageReactionAdd, (reaction) => reaction.message.channel.send(`reaction ${reaction.emoji}`));

client.on(Events.MessageCreate, async (message) => {
  if (!message.inGuild() && !message.author.bot) await message.channel.send(`echo: ${message.content}`);
});

client.once(Events.ClientReady, () => client.application.commands.set(COMMANDS));
client.login(process.env.DISCORD_TOKEN);
