# %% [markdown]
# # Word vectors: quiz, form B
#
# Eight questions with one right answer each. If you don't know an answer, guess. This isn't graded. You don't need to run anything before the last cell.
#
# **1.** Word vectors were trained on a business newspaper, and one of the words nearest to *bank* is *loan*. What would probably be near *bank* if they had been trained on stories about canoeing instead?
#
# - a) Words such as *shore*, because there *bank* has other words around it.
# - b) Still *loan*, because that is what the word means.
# - c) Words that are spelled similarly, such as *bark*.
# - d) No word at all, because the stories are not about banks.
#
# **2.** Here is a sentence: *we sold our boat last summer in june*. The center is *boat*, and the window reaches two words to each side. Which words are its contexts?
#
# - a) *last* and *summer*
# - b) *our* and *last*
# - c) *sold*, *our*, *last*, and *summer*
# - d) *sold*, *our*, *boat*, *last*, and *summer*
#
# **3.** A model practices only on pairs that really appeared near each other, and the error of its answers falls to almost 0. But its vectors are useless. Why?
#
# - a) It practiced for too short a time.
# - b) It only had to say yes every time to be right.
# - c) Pairs that appear near each other are too rare.
# - d) Its vectors have too few numbers.
#
# **4.** The center has the vector (2, 1), and the other word has the vector (−1, 1). The score is their dot product. What does the model answer?
#
# - a) The score is (−2, 1), so it can't decide.
# - b) The score is 3, so it leans toward yes.
# - c) The score is 2, so it leans toward yes.
# - d) The score is −1, so it leans toward no.
#
# **5.** A model says how likely it thinks "yes" is. Which of these answers costs the most when it is trained?
#
# - a) It says 0.05, and the correct answer is yes.
# - b) It says 0.5, and the correct answer is no.
# - c) It says 0.05, and the correct answer is no.
# - d) It says 0.8, and the correct answer is yes.
#
# **6.** In some text, *coffee* and *tea* are never in the same sentence. But after training their vectors are similar. Why?
#
# - a) Because both are drinks, and the program has a list of those.
# - b) Because they are about equally frequent.
# - c) Because they appear near the same other words.
# - d) Because training multiplies the two and pulls them together.
#
# **7.** You compare two models. The first has smaller errors on the text that it practiced on. The second has smaller errors on text that neither has seen. Which one has learned more that is worth knowing?
#
# - a) The first, because it has practiced better.
# - b) Nobody can say, because they were measured on two texts.
# - c) Both have learned equally much.
# - d) The second, because it does better on new text.
#
# **8.** In vectors trained on a newspaper, the words nearest to *carpet* make no sense. *carpet* occurs 12 times in the text. What is the most likely reason, and what would help?
#
# - a) The word was thinned out too much: keep more of its occurrences.
# - b) There is too little evidence: train on more text that contains the word.
# - c) The training was too short: train longer on the same text.
# - d) The vectors have too few numbers: make them longer.
#
# Now replace each dot with the letter of your answer, such as `"db.a..."`, and run the cell. A dot that stays counts as no answer.

# %%
letters = "........"
print("Give these letters to your teacher:", letters)
